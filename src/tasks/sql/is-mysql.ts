import type { DataSource } from 'typeorm';

export const isMysql = ({ options: { type } }: DataSource): boolean => type === 'mysql' || type === 'mariadb';
