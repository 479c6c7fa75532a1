import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { qd, RunningCommand, TestFolder } from '../testing/running-command.ts';

interface Printed {
  readonly control: { readonly url: string; readonly token: string };
}

test('a plan file is in force from the start; the control port wants its token', async () => {
  using folder = new TestFolder();
  const file = join(folder.path, 'plan.json');
  writeFileSync(file, '{"faults": [{"kind": "halt", "symbol": "ETHUSDT"}]}');
  await using sandbox = new RunningCommand('sandbox', '--json', '--faults', file);
  await sandbox.says('\n');
  const { control } = JSON.parse(sandbox.stdout) as Printed;
  const ask = async (token: string, method = 'GET', body?: string) => {
    const response = await fetch(`${control.url}/faults`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, body: (await response.json()) as unknown };
  };
  expect(await ask('wrong')).toMatchObject({ status: 401 });
  expect(await ask(control.token)).toMatchObject({
    status: 200,
    body: { faults: [{ id: 'fault-1', kind: 'halt', struck: 1 }], orders: { received: 0 } },
  });
  expect(
    await ask(control.token, 'POST', '{"faults": [{"kind": "halt", "symbol": "XYZ"}]}'),
  ).toEqual({
    status: 400,
    body: {
      problems: [
        'request: symbol "XYZ", expected one of BTCUSDT, ETHUSDT, SOLUSDT, BNBUSDT, XRPUSDT',
      ],
    },
  });
  expect(await ask(control.token, 'DELETE')).toMatchObject({ body: { faults: [] } });
});

test('a plan that is wrong ends the command with where and why', async () => {
  using folder = new TestFolder();
  const file = join(folder.path, 'plan.json');
  writeFileSync(file, '{"faults": [\n{"kind": "drop"}]}');
  const end = await qd('sandbox', '--faults', file);
  expect(end.status).toBe(2);
  expect(end.stderr).toContain(
    `${file}:2 on {"kind": "drop"}, expected a value, for drop needs one`,
  );
  expect((await qd('sandbox', '--faults', join(folder.path, 'none.json'))).status).toBe(2);
});
