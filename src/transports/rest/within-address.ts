import { isObject } from '../../common/is-object.js';
import type { Decoded } from '../../protocol/codec.interface.js';
import { invalidParams } from '../../protocol/errors/index.js';

/**
 * Puts the parameters of the path into a decoded request. If the request has them too, both must agree.
 * @throws A2AError INVALID_PARAMS
 */
export const withinAddress =
  (address: Readonly<Record<string, string | undefined>>) =>
  ({ value, path }: Decoded): Decoded => {
    if (!isObject(value)) throw invalidParams([{ field: 'body', description: 'must be a JSON object' }]);
    const result = { ...value };
    for (const [name, given] of Object.entries(address)) {
      if (given === undefined) continue;
      const said = result[name];
      if (said !== undefined && said !== '' && said !== given) {
        throw invalidParams([{ field: path(name), description: 'must be that of the address, or left out' }]);
      }
      result[name] = given;
    }
    return { value: result, path };
  };
