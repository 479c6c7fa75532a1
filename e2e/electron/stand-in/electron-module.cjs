// What `require('electron')` gives in the stand-in's main process.
module.exports = globalThis[Symbol.for('quarterdeck stand-in')];
