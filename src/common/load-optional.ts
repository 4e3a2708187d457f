/** A package is not installed. The message names the command that installs it. */
export class MissingPackageError extends Error {
  override readonly name = 'MissingPackageError';
}

/**
 * Returns what `load` imports from optional packages. `packages` are their names with the version to install (`pg@8`); `what` needs them.
 * Throws MissingPackageError when one of them is missing.
 */
export async function loadOptional<T>(what: string, packages: readonly string[], load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    const missing = packages.some((name) => String(message).includes(`'${name.replace(/(?<=.)@.*$/, '')}'`));
    if (code !== 'ERR_MODULE_NOT_FOUND' || !missing) throw error;
    const needed = packages.length === 1 ? 'a package that is' : 'packages that are';
    throw new MissingPackageError(`${what} needs ${needed} not installed: npm install ${packages.join(' ')}`, {
      cause: error,
    });
  }
}
