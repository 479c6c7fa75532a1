// A process that does what the data folder of its configuration names: for tests of supervision.

process.on('message', (text) => {
  const command = JSON.parse(String(text)) as { type: string; config?: { dataFolder: string } };
  if (command.type === 'Stop') {
    if (behaviour !== 'stubborn') process.exit(0);
    return;
  }
  behaviour = command.config?.dataFolder ?? behaviour;
  const ready = { type: 'FeedReady', instruments: [] };
  const failed = { type: 'Failed', code: 'NO_LUCK', message: 'this time' };
  switch (behaviour) {
    case 'dies':
      process.exit(3);
      return;
    case 'complains':
      process.stderr.write('one\n\ntwo\n');
      process.send?.(JSON.stringify(ready));
      return;
    case 'babbles':
      process.send?.('{"type":"Nonsense"}');
      return;
    case 'fails':
      process.send?.(JSON.stringify(failed));
      process.send?.(JSON.stringify(ready), () => process.exit(1));
      return;
    default:
      process.send?.(JSON.stringify(ready));
  }
});

let behaviour = '';
process.on('disconnect', () => process.exit(0));
