import type { LayoutConfig } from 'golden-layout';

type Item = LayoutConfig['root'];
type Content = NonNullable<Item>;

/** Pixels of the panels whose width is a matter of their columns; the chart takes the rest. */
const WIDE = { left: 304, ladder: 456, tape: 236, bottom: 272, ticket: 560 };
const NARROW = { left: 264, ladder: 396, tape: 208, bottom: 236, ticket: 540 };
const NARROW_BELOW_PX = 1700;

function panel(componentType: string, title: string): Content {
  return { type: 'component', componentType, title } as Content;
}

/** The dock of a new window: watchlist and ticket, chart over blotters, ladder, tape. */
export function defaultLayout(width: number, height: number): LayoutConfig {
  const px = width < NARROW_BELOW_PX ? NARROW : WIDE;
  const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(3)}%`;
  const inner = width - px.ladder - px.tape;
  const top = height - px.bottom;
  const blotters =
    width < NARROW_BELOW_PX
      ? [
          stack('100%', [
            panel('orders', 'Orders'),
            panel('fills', 'Fills'),
            panel('positions', 'Positions'),
            panel('order-truth', 'Order truth'),
            panel('health', 'Health'),
            panel('log', 'Log'),
          ]),
        ]
      : [
          stack('64%', [panel('orders', 'Orders'), panel('fills', 'Fills'), panel('log', 'Log')]),
          stack('36%', [
            panel('positions', 'Positions'),
            panel('order-truth', 'Order truth'),
            panel('health', 'Health'),
          ]),
        ];
  const main = [
    {
      type: 'column',
      size: percent(px.left, inner),
      content: [
        sized(percent(top - px.ticket, top), panel('watchlist', 'Watchlist')),
        sized(percent(px.ticket, top), panel('ticket', 'Ticket')),
      ],
    },
    sized(percent(inner - px.left, inner), panel('chart', 'Chart')),
  ];
  const root = {
    type: 'row',
    content: [
      {
        type: 'column',
        size: percent(inner, width),
        content: [
          { type: 'row', size: percent(top, height), content: main },
          { type: 'row', size: percent(px.bottom, height), content: blotters },
        ],
      },
      sized(percent(px.ladder, width), panel('ladder', 'Ladder')),
      sized(percent(px.tape, width), panel('time-and-sales', 'Time & sales')),
    ],
  };
  return { root: root as Content, ...FRAME };
}

function stack(size: string, content: readonly Content[]): Content {
  return { type: 'stack', size, content } as unknown as Content;
}

function sized(size: string, item: Content): Content {
  return { ...item, size } as Content;
}

/** Measures and manners of every dock, whatever its panels. */
export const FRAME = {
  dimensions: {
    borderWidth: 4,
    borderGrabWidth: 8,
    headerHeight: 24,
    defaultMinItemWidth: '140px',
    defaultMinItemHeight: '80px',
  },
  settings: { constrainDragToContainer: true, reorderEnabled: true },
  header: { show: 'top', popout: false, close: false, maximise: 'Maximise', minimise: 'Restore' },
} as const satisfies Partial<LayoutConfig>;
