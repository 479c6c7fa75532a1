import type { DeskCommand, ViewCommand } from '../../commands/command-registry.ts';
import type { ChartController } from './chart-controller.ts';
import { TOOL_CHOICES } from './chart-words.ts';

/** What the chart's keys reach besides the chart itself. */
export interface ChartKeys {
  readonly chart: () => ChartController | undefined;
  readonly openStudies: () => void;
}

/** Everything the chart does by key. */
export function chartCommands({ chart, openStudies }: ChartKeys): readonly DeskCommand[] {
  const view = (
    id: string,
    title: string,
    keys: readonly string[],
    act: (shown: ChartController) => void,
  ): ViewCommand => ({
    id: `chart.${id}`,
    title,
    keys,
    scope: 'chart',
    order: false,
    run: () => {
      const shown = chart();
      if (shown !== undefined) act(shown);
    },
  });
  const step = (id: string, title: string, key: string, bars: number): ViewCommand => ({
    ...view(id, title, [key], (shown) => shown.stepCrosshair(bars)),
    repeats: true,
  });
  return [
    step('left', 'Crosshair a bar back', 'ArrowLeft', -1),
    step('right', 'Crosshair a bar on', 'ArrowRight', 1),
    view('newest', 'Newest bar', ['End'], (shown) => shown.toNewest()),
    view('closer', 'Fewer, larger bars', ['Plus', '='], (shown) => shown.zoom(0.8)),
    view('further', 'More bars', ['-'], (shown) => shown.zoom(1.25)),
    view('studies', 'Studies of the chart', ['I'], openStudies),
    ...TOOL_CHOICES.map(({ kind, label, key }) =>
      view(`draw-${kind}`, `Draw: ${label}`, [key], (shown) => shown.setTool(kind)),
    ),
    view('next-drawing', 'Choose the next drawing', ['D'], (shown) => shown.chooseNextDrawing()),
    view('delete-drawing', 'Delete the chosen drawing', ['Delete'], (shown) =>
      shown.deleteDrawing(),
    ),
    view('picture', 'Save a picture of the chart', ['P'], (shown) => shown.savePicture()),
  ];
}
