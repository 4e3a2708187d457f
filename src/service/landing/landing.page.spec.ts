import { describe, expect, it } from '@jest/globals';
import { landingPage } from './landing.page.js';

describe('the page at /', () => {
  it('shows what an agent says of itself as text, not as markup', () => {
    const page = landingPage([
      { id: 'x', name: '<script>alert(1)</script>', description: '"R&D" <b>team</b>', isDefault: false },
    ]);
    expect(page).not.toMatch(/<script|<b>/);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&quot;R&amp;D&quot; &lt;b&gt;team&lt;/b&gt;');
  });
});
