// Loaded before the desk, on the real thing and on the stand-in: displays that are not there, and what the command line
// would write to standard input, which Playwright leaves closed.
const { Readable } = require('node:stream');
const { app, screen } = require('electron');

globalThis.pretendDisplays = (displays) => {
  screen.getAllDisplays = () => displays;
  screen.getPrimaryDisplay = () => displays[0];
};

app.on('ready', () => globalThis.pretendDisplays(JSON.parse(process.env.QD_PRETEND_DISPLAYS)));
Object.defineProperty(process, 'stdin', { value: Readable.from([process.env.QD_PRETEND_INPUT]) });
