// Loaded before the desk, on the real thing and on the stand-in: puts displays that are not there in place of those that are.
const { app, screen } = require('electron');

globalThis.pretendDisplays = (displays) => {
  screen.getAllDisplays = () => displays;
  screen.getPrimaryDisplay = () => displays[0];
};

app.on('ready', () => globalThis.pretendDisplays(JSON.parse(process.env.QD_PRETEND_DISPLAYS)));
