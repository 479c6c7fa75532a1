// Plain JavaScript with a hand-written declaration: the only place that loads the addon, so that neutral code needs no Node types.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The functions of `native/binding`; `QD_ADDON` names another build (sanitized, packaged). */
export const addon = require(process.env.QD_ADDON ?? '../../../build/native/quarterdeck.node');
