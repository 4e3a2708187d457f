/** Something is wrong with how a command was called. Its message is all that is shown. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
