/** The service cannot start with this environment. One line per problem: the variable, what is wrong, an example. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly string[]) {
    super(['The configuration is wrong:', ...problems.map((problem) => `- ${problem}`)].join('\n'));
  }
}
