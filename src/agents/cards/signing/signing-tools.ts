import { loadOptional } from '../../../common/load-optional.js';
import { joseTools, type JoseTools } from '../../../security/keys/jose-tools.js';

/** Functions of the optional packages. */
export interface SigningTools extends JoseTools {
  /** RFC 8785. Throws for values that JSON cannot represent. */
  canonicalize(value: object): string;
}

const WHAT = 'Signing agent cards (cards.signing)';

/** Loads the optional packages. Rejects with MissingPackageError, which says how to install them. */
export async function signingTools(): Promise<SigningTools> {
  const { default: canonicalize } = await loadOptional(WHAT, ['jose', 'canonicalize'], () => import('canonicalize'));
  return { ...(await joseTools(WHAT)), canonicalize: (value) => canonicalize(value) as string };
}
