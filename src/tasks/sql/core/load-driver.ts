/** A driver is missing or cannot be used. The message says what to do. */
export class DatabaseDriverError extends Error {
  override readonly name = 'DatabaseDriverError';
}

/** Loads a database driver. Only users of that database need to install it. Throws DatabaseDriverError. */
export async function loadDriver<T>(name: string, wanted: string, major: number): Promise<T> {
  try {
    const module = (await import(name)) as { default?: T } & T;
    return module.default ?? module;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND') {
      throw new DatabaseDriverError(`A2A: ${wanted} needs the package ${name}: npm install ${name}@${major}`, {
        cause: error,
      });
    }
    throw new DatabaseDriverError(`A2A: ${wanted} cannot use the package ${name}: ${String(error)}`, { cause: error });
  }
}
