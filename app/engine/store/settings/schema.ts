import { z } from 'zod';

/** What a person is told of a setting, beside its type and default. */
export interface SettingWords {
  readonly title: string;
  /** Where it acts. */
  readonly help: string;
  readonly unit?: string;
  /** `now`: as soon as it is saved, everywhere. `window`: in windows opened from then on. `start`: from the next start. */
  readonly acts: 'now' | 'window' | 'start';
}

function told<T extends z.ZodType>(type: T, words: SettingWords): T {
  return type.meta({ ...words });
}

const wholeUnits = z.string().regex(/^\d{1,15}$/, 'expected a whole number as text');
const count = z.number().int().min(1).max(1_000_000);

const appearance = z.strictObject({
  theme: told(z.enum(['system', 'dark', 'light', 'contrast']).default('system'), {
    title: 'Theme',
    help: 'Colours of every window; system follows the operating system while it runs',
    acts: 'now',
  }),
  density: told(z.enum(['auto', 'dense', 'compact', 'comfortable']).default('auto'), {
    title: 'Density',
    help: 'Height of rows and size of text; auto is dense in windows narrower than 1700 pixels',
    acts: 'now',
  }),
  sides: told(z.enum(['green-red', 'red-green', 'blue-orange']).default('green-red'), {
    title: 'Colours of buy and sell',
    help: 'Of sides, results and candles; blue and orange are told apart without red and green',
    acts: 'now',
  }),
  timeZone: told(z.enum(['UTC', 'local']).default('UTC'), {
    title: 'Time zone',
    help: 'Of every time on the screen; files and the journal are in UTC always',
    acts: 'window',
  }),
  numbers: told(
    z
      .enum(['1,234.56', '1234.56', '1 234.56', "1'234.56", '1.234,56', '1 234,56'])
      .default('1,234.56'),
    {
      title: 'Numbers',
      help: 'How they are written and typed; prices keep the venue\u2019s decimals, and the order language a point',
      acts: 'window',
    },
  ),
  firstSteps: told(z.boolean().default(true), {
    title: 'First steps',
    help: 'Five steps for a new desk, on the sandbox only, until they are done or left',
    acts: 'now',
  }),
});

const sounds = z.strictObject({
  fills: told(z.boolean().default(true), {
    title: 'Fills',
    help: 'A tone for what filled, one for a burst',
    acts: 'now',
  }),
  rejects: told(z.boolean().default(true), {
    title: 'Rejects and alarms',
    help: 'A tone for refused orders and for alerts that need you',
    acts: 'now',
  }),
  volumePercent: told(z.number().int().min(0).max(100).default(40), {
    title: 'Volume',
    help: 'Of all sounds of every window',
    unit: '%',
    acts: 'now',
  }),
});

const risk = z.strictObject({
  maxOrderNotional: told(wholeUnits.default('50000'), {
    title: 'Largest order',
    help: 'Price times quantity of one order',
    unit: 'quote units',
    acts: 'now',
  }),
  maxPositionNotional: told(wholeUnits.default('200000'), {
    title: 'Largest position',
    help: 'With all working orders filled',
    unit: 'quote units',
    acts: 'now',
  }),
  maxOpenOrders: told(count.default(100), {
    title: 'Open orders',
    help: 'Of an account at one time',
    acts: 'now',
  }),
  /** As many as the risk gate keeps times of. */
  maxOrdersPerWindow: told(count.max(100_000).default(20), {
    title: 'Orders in a window of time',
    help: 'Of an account',
    acts: 'now',
  }),
  orderRateWindowMs: told(count.default(1000), {
    title: 'That window of time',
    help: 'In which orders are counted',
    unit: 'ms',
    acts: 'now',
  }),
  priceCollarBps: told(count.default(50), {
    title: 'Price collar',
    help: 'Farthest a limit may lie through the touch',
    unit: 'bp',
    acts: 'now',
  }),
  maxDistanceBps: told(count.default(1000), {
    title: 'Distance',
    help: 'Farthest a limit may lie away from the touch',
    unit: 'bp',
    acts: 'now',
  }),
  staleAfterMs: told(count.default(5000), {
    title: 'Stale after',
    help: 'Age at which a quote takes no new risk',
    unit: 'ms',
    acts: 'now',
  }),
  duplicateWindowMs: told(count.default(500), {
    title: 'Same order again',
    help: 'Refused within this time',
    unit: 'ms',
    acts: 'now',
  }),
});

const trading = z.strictObject({
  disarmAfterMinutes: told(z.number().int().min(1).max(1440).default(15), {
    title: 'Disarm when nobody is there',
    help: 'After a time without a key, a click or the wheel in any window of the desk',
    unit: 'min',
    acts: 'now',
  }),
  durableBeforeSend: told(z.boolean().default(true), {
    title: 'Durable before it leaves',
    help: 'Live accounts: an order that adds risk waits until its record survives the loss of power',
    acts: 'start',
  }),
});

const journal = z.strictObject({
  marketRetentionDays: told(z.number().int().min(1).max(36_500).default(7), {
    title: 'Keep market records',
    help: 'Of sessions; orders are never dropped',
    unit: 'days',
    acts: 'start',
  }),
});

function keptDays(title: string): z.ZodDefault<z.ZodNumber> {
  return told(z.number().int().min(0).max(36_500).default(0), {
    title,
    help: 'Of ticks that the desk recorded by itself; 0 for as long as there is room',
    unit: 'days',
    acts: 'start',
  });
}

const ticks = z.strictObject({
  budgetGigabytes: told(z.number().int().min(0).max(1_000_000).default(100), {
    title: 'Room for recorded ticks',
    help: 'Beyond it the oldest days go first, and are written down; what was imported stays and is not counted. 0 for no bound',
    unit: 'GB',
    acts: 'start',
  }),
  tradesDays: keptDays('Keep trades'),
  booksDays: keptDays('Keep books'),
  quotesDays: keptDays('Keep quotes'),
  derivativesDays: keptDays('Keep marks and funding'),
  barsDays: keptDays('Keep bars'),
});

/** What `network.proxy` holds when the file says something that is no way: nothing is reached then. */
export const UNREADABLE_WAY = 'unreadable';

/** A password is no setting: it would be on the disk in clear. */
const PROXY =
  /^(?:direct|system|(?:https?|socks5):\/\/(?:[^\s:@/]{1,100}@)?(?:[^\s:@/[\]]{1,253}|\[[0-9a-fA-F:]{2,45}\])(?::\d{1,5})?)$/;
const PROXY_WORDS =
  'expected direct, system, or http://HOST:PORT, https://HOST:PORT, socks5://HOST:PORT with a name before an @ where it wants one, never a password';

const market = z.strictObject({
  symbols: told(
    z
      .array(z.string().regex(/^[A-Z0-9]{2,20}$/, 'expected a venue symbol such as BTCUSDT'))
      .min(1)
      .max(100)
      .default(['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'XRPUSDT']),
    { title: 'Instruments', help: 'Symbols of the venue that are followed', acts: 'start' },
  ),
  others: told(
    z
      .array(
        z
          .string()
          .regex(
            /^(?:KRAKEN|OKX|COINBASE|DERIBIT|BYBIT|BYBIT-LINEAR|BYBIT-INVERSE|BINANCE-USDM|ALPACA):[A-Za-z0-9./_-]{1,40}$/,
            'expected VENUE:SYMBOL such as KRAKEN:BTC/USD; venues are KRAKEN, OKX, COINBASE, DERIBIT, BYBIT, BYBIT-LINEAR, BYBIT-INVERSE, BINANCE-USDM, ALPACA',
          ),
      )
      .max(100)
      .default([]),
    {
      title: 'Instruments of other venues',
      help: 'Watched, not traded: VENUE:SYMBOL as the venue writes it, such as KRAKEN:BTC/USD or OKX:BTC-USDT',
      acts: 'start',
    },
  ),
  takerFees: told(
    z
      .array(
        z
          .string()
          .regex(
            /^(?:BINANCE|KRAKEN|OKX|COINBASE|DERIBIT|BYBIT|BYBIT-LINEAR|BYBIT-INVERSE|BINANCE-USDM|ALPACA):\d{1,3}(?:\.\d{1,2})?$/,
            'expected VENUE:BASIS-POINTS such as KRAKEN:25 or BYBIT:5.5',
          ),
      )
      .max(20)
      .default([]),
    {
      title: 'Fees of venues',
      help: 'What each charges a taker, in basis points: KRAKEN:25, BYBIT:5.5; the consolidated book counts them in when it is told to',
      acts: 'start',
    },
  ),
  divergenceBps: told(z.number().int().min(1).max(10_000).default(100), {
    title: 'Divergence',
    help: 'Farthest a price may lie from the same at other venues before no new risk leans on it',
    unit: 'bp',
    acts: 'start',
  }),
});

const network = z.strictObject({
  proxy: told(z.string().regex(PROXY, PROXY_WORDS).default('direct'), {
    title: 'Proxy',
    help: 'Through which live venues and testnets are reached: direct, system (HTTPS_PROXY, NO_PROXY and their like) or an address; its password stands in QD_PROXY_PASSWORD',
    acts: 'start',
  }),
  certificates: told(z.string().max(1000).default(''), {
    title: 'Certificates',
    help: 'A file (PEM) of authorities that are trusted beside the usual ones, such as that of a proxy that looks into TLS',
    acts: 'start',
  }),
  venues: told(
    z
      .array(
        z
          .string()
          .regex(
            /^(?:BINANCE|KRAKEN|OKX|COINBASE|DERIBIT|BYBIT|BYBIT-LINEAR|BYBIT-INVERSE|BINANCE-USDM|ALPACA)=(?:certificates=.{1,1000}|direct|system|(?:https?|socks5):\/\/\S{1,300})$/,
            'expected VENUE=direct, VENUE=system, VENUE=socks5://HOST:PORT or VENUE=certificates=FILE',
          )
          .refine(
            (one) => PROXY.test(one.replace(/^[^=]*=/, '')) || one.includes('=certificates='),
            {
              error: PROXY_WORDS,
            },
          ),
      )
      .max(40)
      .default([]),
    {
      title: 'Ways to single venues',
      help: 'In place of the two above: BINANCE=direct, KRAKEN=socks5://127.0.0.1:9050, COINBASE=certificates=/path/own.pem',
      acts: 'start',
    },
  ),
});

const browser = z.strictObject({
  port: told(z.number().int().min(0).max(65_535).default(0), {
    title: 'Port',
    help: 'Of the desk in a browser, on this machine only; 0 takes a free one',
    acts: 'start',
  }),
});

const electron = z.strictObject({
  frontKey: told(
    z
      .string()
      .regex(
        /^(?:|(?:(?:Ctrl|Alt|Shift|Super)\+){2,3}(?:[A-Z0-9]|F(?:[1-9]|1\d|2[0-4])))$/,
        'expected two or three of Ctrl, Alt, Shift, Super and a letter, digit or F key, such as Ctrl+Alt+Q',
      )
      .default(''),
    {
      title: 'Key that shows the desk',
      help: 'In every program: it brings the desk to the front and does nothing else; empty is none. Keys of orders work in the desk alone',
      acts: 'now',
    },
  ),
});

const sandbox = z.strictObject({
  seed: told(z.number().int().min(0).default(7), {
    title: 'Seed',
    help: 'Of the invented market; equal seeds give equal pasts',
    acts: 'start',
  }),
  venues: told(
    z
      .array(
        z
          .string()
          .regex(
            /^(?:BINANCE:(?:\d{1,2}|[1-4]\d\d|500):0|(?:KRAKEN|OKX|COINBASE|DERIBIT|BYBIT|ALPACA|BINANCE-USDM):\d{1,4}:[+-]?\d{1,4})$/,
            'expected VENUE:MILLISECONDS:TICKS such as KRAKEN:80:+3; BINANCE only to 500 ms with 0 ticks',
          ),
      )
      .max(8)
      .default([]),
    {
      title: 'Differences of venues',
      help: 'How long after the exchange a venue of the sandbox shows its prices, and how many ticks apart: VENUE:MILLISECONDS:TICKS',
      acts: 'start',
    },
  ),
});

/** Every setting with its default; names carry units. Sections are read and fall back one key at a time. */
export const settingsSchema = z.strictObject({
  appearance: appearance.prefault({}).meta({ title: 'Appearance' }),
  sounds: sounds.prefault({}).meta({ title: 'Sounds' }),
  risk: risk.prefault({}).meta({ title: 'Limits of risk' }),
  trading: trading.prefault({}).meta({ title: 'Trading' }),
  journal: journal.prefault({}).meta({ title: 'Journal' }),
  market: market.prefault({}).meta({ title: 'Market data' }),
  ticks: ticks.prefault({}).meta({ title: 'Recorded ticks' }),
  network: network.prefault({}).meta({ title: 'Network' }),
  browser: browser.prefault({}).meta({ title: 'Desk in a browser' }),
  electron: electron.prefault({}).meta({ title: 'Desk in windows of its own' }),
  sandbox: sandbox.prefault({}).meta({ title: 'Sandbox' }),
});

/** Settings with every default filled in. */
export type Settings = z.infer<typeof settingsSchema>;
