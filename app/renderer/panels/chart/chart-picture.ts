import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { PriceChart } from '../../charts/price-chart.ts';
import { dateClock } from '../../format/time-text.ts';
import { fileTime, saveFile } from '../../ui/save-file.ts';
import { token } from '../../ui/theme.ts';
import { studyWords } from './chart-studies.ts';
import type { ChartSetup } from './chart-setup.ts';

const HEAD = 28;

/** Gives the person a picture of the chart, with a line that says what it shows and when. */
export function savePicture(
  chart: PriceChart,
  instrument: Instrument,
  setup: ChartSetup,
  compared: string | undefined,
): void {
  const drawn = chart.picture();
  const scale = devicePixelRatio;
  const picture = document.createElement('canvas');
  picture.width = drawn.width;
  picture.height = drawn.height + HEAD * scale;
  const context = picture.getContext('2d');
  if (context === null) return;
  context.fillStyle = token('chart-bg');
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(drawn, 0, HEAD * scale);
  context.scale(scale, scale);
  context.fillStyle = token('text-1');
  context.font = `500 12px ${token('font-ui')}`;
  context.textBaseline = 'middle';
  const studies = setup.studies.map(studyWords).join(', ');
  const against = compared === undefined ? '' : `against ${compared}`;
  const words = [`${instrument.symbol} ${setup.interval}`, against, studies, dateClock(Date.now())];
  context.fillText(words.filter((word) => word !== '').join('   '), 8, HEAD / 2);
  picture.toBlob((bytes) => {
    if (bytes === null) return;
    const name = `quarterdeck-${instrument.symbol}-${setup.interval}-${fileTime()}.png`;
    saveFile(name, 'image/png', bytes);
  }, 'image/png');
}
