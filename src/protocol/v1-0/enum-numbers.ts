/** Numbers of a2a.proto's enums, which ProtoJSON accepts in place of the names. Spec 4.1.3, 4.1.5. */
export const STATE_NUMBERS: readonly (readonly [number, string])[] = [
  [0, 'TASK_STATE_UNSPECIFIED'],
  [1, 'TASK_STATE_SUBMITTED'],
  [2, 'TASK_STATE_WORKING'],
  [3, 'TASK_STATE_COMPLETED'],
  [4, 'TASK_STATE_FAILED'],
  [5, 'TASK_STATE_CANCELED'],
  [6, 'TASK_STATE_INPUT_REQUIRED'],
  [7, 'TASK_STATE_REJECTED'],
  [8, 'TASK_STATE_AUTH_REQUIRED'],
];

export const ROLE_NUMBERS: readonly (readonly [number, string])[] = [
  [0, 'ROLE_UNSPECIFIED'],
  [1, 'ROLE_USER'],
  [2, 'ROLE_AGENT'],
];
