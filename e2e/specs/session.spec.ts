import { expect, openWindow, shot, test } from '../fixtures/test.ts';

test.use({ deskArguments: ['--seed', '12', '--limits', 'open'] });
test.describe.configure({ mode: 'serial' });

/** The address that the desk printed first. */
let first = '';

test('a GET uses no token, changes nothing, and carries the policy', async ({
  deskProcess,
  playwright,
}) => {
  first = await deskProcess.nextUrl();
  const request = await playwright.request.newContext();
  for (let times = 0; times < 3; times += 1) {
    const answer = await request.get(first);
    expect(answer.status()).toBe(200);
    expect(answer.headers()['set-cookie']).toBeUndefined();
    expect(answer.headers()['content-security-policy']).toContain("default-src 'none'");
  }
  await request.dispose();
});

test('the token opens the desk once; reload and a second tab need none', async ({ context }) => {
  const { page, desk, complaints } = await openWindow(context);
  await page.goto(first);
  await expect(desk.mode).toHaveText('SANDBOX');
  expect(page.url()).not.toContain('token');
  await page.reload();
  await expect(desk.mode).toHaveText('SANDBOX');
  const second = await openWindow(context);
  await second.page.goto(new URL('/', first).href);
  await expect(second.desk.mode).toHaveText('SANDBOX');
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  expect(cookie?.name).toContain(new URL(first).port);
  expect([...complaints, ...second.complaints]).toEqual([]);
});

test('a used token is told as such, with the way to a fresh one', async ({ context }) => {
  const { page } = await openWindow(context);
  await page.goto(first);
  await expect(page.getByRole('status')).toContainText('used already or is too old');
  await expect(page.getByRole('status')).toContainText('Press Enter in the terminal');
  expect(await context.cookies()).toEqual([]);
  await shot(page, 'session-used-token');
});

test('Enter in the terminal prints an address that works', async ({ context, deskProcess }) => {
  deskProcess.pressEnter();
  const fresh = await deskProcess.nextUrl();
  expect(fresh).not.toBe(first);
  const { page, desk } = await openWindow(context);
  await page.goto(fresh);
  await expect(desk.mode).toHaveText('SANDBOX');
});

test('"qd desk --url" prints an address that works', async ({ context, deskProcess }) => {
  const printed = await deskProcess.run('desk', '--url');
  expect(printed).toMatchObject({ status: 0, stderr: '' });
  const { page, desk } = await openWindow(context);
  await page.goto(printed.stdout.trim());
  await expect(desk.mode).toHaveText('SANDBOX');
});

test('a window whose session has ended says so, with the way to a new one', async ({
  context,
  deskProcess,
}) => {
  const { page, desk } = await openWindow(context);
  await page.goto((await deskProcess.run('desk', '--url')).stdout.trim());
  const instruments = page.getByRole('listbox', { name: 'Instruments' });
  await expect(instruments.getByRole('option').first()).toBeVisible();
  const pid = await desk.pidOf('trade');
  await context.clearCookies();
  process.kill(pid, 'SIGKILL');
  await expect(desk.banners).toContainText('The session of this window has ended');
  await expect(desk.banners).toContainText('qd desk --url');
  await shot(page, 'session-ended');
});

test('an address without a token says how to get one', async ({ context }) => {
  const { page } = await openWindow(context);
  await page.goto(new URL('/', first).href);
  await expect(page.getByRole('status')).toContainText('qd desk --url');
});
