// The schema library compiles validators with `new Function`, which the content security policy forbids; it reads this
// before its first schema is used, so this module is imported before any other of the renderer.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
