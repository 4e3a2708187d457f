import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import type {
  AdminAgent,
  AdminFrames,
  AdminList,
  AdminOverview,
  AdminReplicaRow,
  AdminSession,
  AdminTask,
} from '../../../src/admin/admin-api.types.js';
import type { AgentCard, Task } from '../../../src/protocol/model/index.js';
import { getJson } from './client.js';

export type CardAgent = Omit<AdminAgent, 'cards'> & {
  readonly cards: { readonly '1.0': AgentCard; readonly '0.3': unknown };
};

const OVERVIEW_MS = 2_000;
const LIST_MS = 5_000;

export const useSession = () =>
  useQuery({ queryKey: ['session'], queryFn: ({ signal }) => getJson<AdminSession>('session', {}, signal) });

export const useOverview = () =>
  useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => getJson<AdminOverview>('overview', {}, signal),
    refetchInterval: OVERVIEW_MS,
  });

export const useAgents = () =>
  useQuery({
    queryKey: ['agents'],
    queryFn: async ({ signal }) => (await getJson<AdminList<CardAgent>>('agents', {}, signal)).rows,
    staleTime: 60_000,
  });

export const useReplicas = () =>
  useQuery({
    queryKey: ['replicas'],
    queryFn: async ({ signal }) => (await getJson<AdminList<AdminReplicaRow>>('replicas', {}, signal)).rows,
    refetchInterval: OVERVIEW_MS,
  });

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: ['task', id],
    queryFn: ({ signal }) => getJson<AdminTask>(`tasks/${encodeURIComponent(id)}`, {}, signal),
  });

/** The task as of an event; undefined: as it is. `version` changes with it. */
export const useDocument = (id: string, asOf: number | undefined, version: number) =>
  useQuery({
    queryKey: ['document', id, asOf ?? `now ${version}`],
    queryFn: ({ signal }) => getJson<Task>(`tasks/${encodeURIComponent(id)}/document`, { asOf }, signal),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });

export const useFrames = (id: string, seq: number | undefined) =>
  useQuery({
    queryKey: ['frames', id, seq],
    queryFn: ({ signal }) => getJson<AdminFrames>(`tasks/${encodeURIComponent(id)}/events/${seq}`, {}, signal),
    enabled: seq !== undefined,
    staleTime: Infinity,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });

export function useList<Row>(path: string, params: Readonly<Record<string, string | undefined>>) {
  return useQuery({
    queryKey: [path, params],
    queryFn: ({ signal }) => getJson<AdminList<Row>>(path, params, signal),
    refetchInterval: LIST_MS,
    placeholderData: keepPreviousData,
  });
}
