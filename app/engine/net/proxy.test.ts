import { expect, test } from 'vitest';
import { nameOfProxy, parseProxy, systemProxies } from './proxy.ts';

test.each([
  [
    'http://proxy.example:3128',
    { kind: 'Connect', secure: false, host: 'proxy.example', port: 3128 },
  ],
  ['https://proxy.example', { kind: 'Connect', secure: true, host: 'proxy.example', port: 443 }],
  ['socks5://[::1]:9050', { kind: 'Socks5', secure: false, host: '::1', port: 9050 }],
  [
    'socks5://trader:p%3Ass@10.0.0.1',
    {
      kind: 'Socks5',
      secure: false,
      host: '10.0.0.1',
      port: 1080,
      user: 'trader',
      password: 'p:ss',
    },
  ],
])('%s is read', (text, proxy) => {
  expect(parseProxy(text, 'network.proxy')).toEqual({ ok: true, value: proxy });
});

test.each(['proxy.example:3128', 'ftp://proxy', 'http://', 'socks4://user:secret@host'])(
  '%s is none, and is not repeated',
  (text) => {
    const read = parseProxy(text, 'network.proxy');
    expect(read.ok ? '' : read.error.message).toBe(
      'network.proxy must be http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT',
    );
  },
);

test('a proxy is named without name and password', () => {
  const read = parseProxy('socks5://trader:secret@10.0.0.1:99', 'a test');
  expect(read.ok && nameOfProxy(read.value)).toBe('socks5://10.0.0.1:99');
});

test('the environment: by kind of connection, small letters first, exceptions and this machine direct', () => {
  const read = systemProxies({
    HTTPS_PROXY: 'http://capital:1',
    https_proxy: 'small:2',
    ALL_PROXY: 'socks5://all:3',
    NO_PROXY: 'example.com, .inner.test:8443,10.1.2.3',
  });
  if (!read.ok) throw new Error(read.error.message);
  const chosen = (host: string, port: number, secure: boolean): string | undefined => {
    const proxy = read.value(host, port, secure);
    return proxy && nameOfProxy(proxy);
  };
  expect(chosen('api.kraken.com', 443, true)).toBe('http://small:2');
  expect(chosen('api.kraken.com', 80, false)).toBe('socks5://all:3');
  for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]', '10.1.2.3']) {
    expect([host, chosen(host, 443, true)]).toEqual([host, undefined]);
  }
  expect(chosen('a.example.com', 443, true)).toBeUndefined();
  expect(chosen('notexample.com', 443, true)).toBe('http://small:2');
  expect(chosen('x.inner.test', 8443, true)).toBeUndefined();
  expect(chosen('x.inner.test', 443, true)).toBe('http://small:2');
});

test('an environment without proxies leads nowhere; one that cannot be read is an error', () => {
  const none = systemProxies({});
  expect(none.ok && none.value('api.kraken.com', 443, true)).toBeUndefined();
  const all = systemProxies({ HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' });
  expect(all.ok && all.value('api.kraken.com', 443, true)).toBeUndefined();
  const wrong = systemProxies({ HTTP_PROXY: 'gopher://x' });
  expect(wrong.ok ? '' : wrong.error.message).toContain('HTTP_PROXY must be');
});
