import { expect, test } from '../fixtures/test.ts';
import { AXE, seriousFindings } from '../pages/axe-check.ts';
import { misfits } from '../pages/fit-check.ts';
import { leaveStarter, showOn, showStarter, STARTERS } from '../pages/screens.ts';

test.use({ deskArguments: ['--seed', '31', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });
test.skip(process.env['QD_LONG'] !== '1', 'the long run; accessibility.spec.ts does a share of it');

const SIZES = [
  [1280, 720],
  [1440, 900],
  [1920, 1080],
  [3840, 2160],
] as const;
const LOOKS = [
  { scale: 1, theme: 'dark' },
  { scale: 2, theme: 'dark' },
  { scale: 1, theme: 'light' },
  { scale: 2, theme: 'light' },
] as const;

test('a desk with an order at rest, a fill and a position', async ({ window }) => {
  const { page, desk } = window;
  await page.evaluate(AXE);
  await desk.unlock();
  await desk.arm();
  await desk.link('BTCUSDT');
  await desk.place('b 0.01 BTCUSDT mkt', /BTCUSDT/);
  await desk.place('b 0.05 BTCUSDT bid-0.5%', /BTCUSDT/);
});

for (const [width, height] of SIZES) {
  for (const starter of STARTERS) {
    test(`${starter} on ${width} pixels: whole, apart, within, readable`, async ({ window }) => {
      const { page } = window;
      await showStarter(page, starter, { width, height, scale: 1, theme: 'dark' });
      for (const look of LOOKS) {
        await showOn(page, { width, height, ...look });
        const what = `${look.theme} at scale ${look.scale}`;
        await expect.poll(() => misfits(page), what).toEqual([]);
        expect.soft(await seriousFindings(page, {}), what).toEqual([]);
      }
      await leaveStarter(page);
    });
  }
}

test('the console stayed silent', ({ window }) => {
  expect(window.complaints).toEqual([]);
});
