import fc from 'fast-check';

const SURROGATES_FROM = 0xd800;
const SURROGATES = 0x800;
const CODE_POINTS = 0x110000 - SURROGATES;

/**
 * Any character but half of a surrogate pair. The `unit: 'binary'` of fast-check, which `fc.webUrl()` uses too, generates the same from a
 * table of all 1.1 million characters: a second and 100 MB for each suite that has it.
 */
const character = fc.nat(CODE_POINTS - 1).map(
  (index) => String.fromCodePoint(index < SURROGATES_FROM ? index : index + SURROGATES),
  (value) => {
    const code = typeof value === 'string' ? (value.codePointAt(0) ?? -1) : -1;
    if (code < 0 || String.fromCodePoint(code) !== value) throw new Error('No character');
    return code < SURROGATES_FROM ? code : code - SURROGATES;
  },
);

/** Text of any characters, well-formed; lengths in characters. */
export const anyText = (lengths: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.string({ ...lengths, unit: character });

const percentEncoded = character.map((each) => {
  const encoded = encodeURIComponent(each);
  return encoded === each ? `%${each.charCodeAt(0).toString(16)}` : encoded;
});

const urlCharacter = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@"),
  },
  { weight: 1, arbitrary: percentEncoded },
);

/** A URL of http or https with a domain, and a path of any characters. */
export const webUrl = (): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('http', 'https'),
      fc.domain(),
      fc.array(fc.string({ unit: urlCharacter, maxLength: 10 }), { maxLength: 6 }),
    )
    .map(([scheme, domain, segments]) => `${scheme}://${[domain, ...segments].join('/')}`);
