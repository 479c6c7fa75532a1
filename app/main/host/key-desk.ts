import { decodeMessage, encodeMessage } from '../../engine/api/codec.ts';
import {
  keyCommandSchema,
  keyReportSchema,
  type Accounts,
  type KeyAct,
  type KeyAnswer,
  type KeyEntry,
  type KeyReport,
  type KeyRights,
  type KeyWork,
} from '../../engine/api/keys.ts';
import { ok, type Result } from '../../engine/base/result.ts';
import type { UnixMicros } from '../../engine/domain/time.ts';
import { hasVault } from '../../engine/store/secrets/vault-place.ts';
import type { MarketChoice } from '../../engine/api/desk-start.ts';
import type { ChangeError, DeskEngine } from './desk-engine.ts';
import type { EngineChild, StartChild } from './engine-child.ts';
import type { KeptPassphrase } from './kept-passphrase.ts';
import type { LogBook } from './log-book.ts';

/** How long an act may take: a slow machine derives the vault's key, a slow venue answers. */
const ACT_MS = 40_000;
/** How long a live key waits for its review; then it is forgotten. */
const REVIEW_MS = 180_000;

const BUSY = 'another act with keys is under way: try again when it has ended';

/** What begins with opening the vault. */
type Opening = Exclude<KeyAct, { readonly type: 'Confirm' | 'Discard' | 'Forget' }>;

type Tell = (answer: KeyAnswer) => void;

interface Act<Client> {
  readonly client: Client;
  /** The passphrase is the kept one. */
  readonly usesKept: boolean;
  /** The passphrase, when it is to be kept once it was right. */
  readonly toKeep: string | undefined;
  readonly child: EngineChild;
  tell: Tell;
  timer: NodeJS.Timeout;
  reviewing: boolean;
}

/** The keys of the vault as windows use them: each act is done by a process of its own, which alone opens the vault and ends with the act. Keys and passphrases pass through here; a passphrase is kept by the host's key store, when a person asks for it, once it was right. */
export class KeyDesk<Client> implements Disposable {
  readonly #dataFolder: string;
  readonly #engine: Pick<DeskEngine, 'market' | 'running' | 'sandbox' | 'use'>;
  readonly #log: LogBook;
  readonly #startChild: StartChild;
  readonly #kept: KeptPassphrase;
  readonly #checked = new Map<string, KeyRights & { readonly at: UnixMicros }>();
  #entries: readonly KeyEntry[] | undefined;
  #act: Act<Client> | undefined;
  #onChange: () => void = () => undefined;

  constructor(parts: {
    readonly dataFolder: string;
    readonly engine: Pick<DeskEngine, 'market' | 'running' | 'sandbox' | 'use'>;
    readonly log: LogBook;
    readonly startChild: StartChild;
    readonly kept: KeptPassphrase;
  }) {
    this.#dataFolder = parts.dataFolder;
    this.#engine = parts.engine;
    this.#log = parts.log;
    this.#startChild = parts.startChild;
    this.#kept = parts.kept;
  }

  /** Calls back when there are other `accounts`. */
  onChange(callback: () => void): void {
    this.#onChange = callback;
  }

  /** The accounts there are, as far as they are known. */
  get accounts(): Accounts {
    const { running } = this.#engine;
    return {
      running,
      vault: hasVault(this.#dataFolder),
      passphrase: this.#kept.state,
      keys:
        this.#entries?.map((entry) => ({
          ...entry,
          checked: this.#checked.get(entry.name) ?? null,
        })) ?? null,
      environments: [
        'testnet',
        'live',
        ...(running.with === 'exchange' ? ['sandbox' as const] : []),
      ],
    };
  }

  /** Does what a window asks, one act at a time. */
  handle(client: Client, asked: KeyAct, tell: Tell): void {
    const act = this.#act;
    const own = act?.client === client && act.reviewing;
    if (asked.type === 'Confirm' || asked.type === 'Discard') {
      if (act === undefined || !own) {
        tell(refusal('KEY_NOT_WAITING', 'no key waits for its review'));
      } else if (asked.type === 'Discard') {
        this.#end();
        tell({ state: 'Done', name: '' });
      } else {
        act.tell = tell;
        act.child.send(encodeMessage(keyCommandSchema, asked));
      }
      return;
    }
    if (act !== undefined && !own) {
      tell(refusal('KEYS_BUSY', BUSY));
      return;
    }
    this.#end();
    if (asked.type === 'Forget') {
      this.#kept.forget();
      this.#onChange();
      tell({ state: 'Done', name: '' });
      return;
    }
    void this.#open(client, asked, tell);
  }

  /** A window was closed: what it had begun ends with it. */
  leave(client: Client): void {
    if (this.#act?.client === client) this.#end();
  }

  [Symbol.dispose](): void {
    this.#end();
  }

  /** With the passphrase that was typed, or the one that is kept. */
  async #open(client: Client, asked: Opening, tell: Tell): Promise<void> {
    const passphrase = asked.passphrase ?? (await this.#kept.read());
    if (passphrase === undefined) {
      this.#onChange();
      tell(refusal('PASSPHRASE_NOT_KEPT', 'no passphrase is kept here: type it'));
      return;
    }
    if (this.#act !== undefined) {
      tell(refusal('KEYS_BUSY', BUSY));
      return;
    }
    const keeps = 'keep' in asked && asked.keep === true;
    this.#begin(client, workOf(asked, passphrase), tell, {
      usesKept: asked.passphrase === null,
      toKeep: keeps ? passphrase : undefined,
    });
  }

  #begin(
    client: Client,
    work: KeyWork,
    tell: Tell,
    passphrase: Pick<Act<Client>, 'usesKept' | 'toKeep'>,
  ): void {
    const { masker } = this.#log;
    if (work.type === 'Add') for (const one of [work.apiKey, work.secret]) masker.learn(one);
    masker.learn(work.passphrase);
    const child = this.#startChild('keys', [], {
      onMessage: (message) => this.#onReport(begun, message),
      onErrorLine: (line) => this.#log.log.error('keys', 'KEYS_PROCESS_SAID', line),
      onEnd: (how) => this.#refuse(begun, 'KEYS_PROCESS_ENDED', `nothing was done: it ${how}`),
    });
    const begun: Act<Client> = {
      client,
      ...passphrase,
      child,
      tell,
      timer: this.#limit(ACT_MS, () => begun),
      reviewing: false,
    };
    this.#act = begun;
    const { market } = this.#engine;
    // The built-in exchange ends with its engine: there is no changing to an account of it.
    const ends = work.type === 'Use' && market.kind === 'sandbox';
    const sandbox = ends ? undefined : this.#engine.sandbox;
    child.send(
      encodeMessage(keyCommandSchema, {
        type: 'Work',
        dataFolder: this.#dataFolder,
        ...(sandbox === undefined ? {} : { sandbox }),
        work,
      }),
    );
  }

  #limit(milliseconds: number, act: () => Act<Client>): NodeJS.Timeout {
    return setTimeout(() => {
      const text = `nothing was done within ${milliseconds / 1000} s: what was given is forgotten`;
      this.#refuse(act(), 'KEYS_TOO_LATE', text);
    }, milliseconds).unref();
  }

  #onReport(act: Act<Client>, message: unknown): void {
    if (this.#act !== act) return;
    const decoded = decodeMessage(keyReportSchema, message);
    if (!decoded.ok) {
      this.#refuse(act, 'KEYS_PROCESS_ENDED', `nothing can be said: ${decoded.error.message}`);
      return;
    }
    const report = decoded.value;
    this.#note(report);
    act.reviewing = report.answer.state === 'Review';
    clearTimeout(act.timer);
    if (act.reviewing) act.timer = this.#limit(REVIEW_MS, () => act);
    else this.#act = undefined;
    if (report.entries !== undefined) {
      this.#entries = report.entries;
      this.#onChange();
    }
    const used = this.#use(report.market);
    act.tell(used.ok ? report.answer : { state: 'Refused', ...used.error });
    void this.#learn(act, report.answer);
  }

  /** Changes to a market that was asked for; what is watched of a sandbox stays. */
  #use(market: MarketChoice | undefined): Result<void, ChangeError> {
    const { market: now } = this.#engine;
    if (market === undefined) return ok(undefined);
    const stays = now.kind === 'venue' && now.environment === 'sandbox' && market.kind === 'venue';
    const sameSandbox = stays && market.environment === 'sandbox';
    return this.#engine.use(sameSandbox ? { ...now, ...market } : market);
  }

  /** A right passphrase is kept when that was asked for, one that is wrong by now is not. */
  async #learn({ usesKept, toKeep }: Act<Client>, answer: KeyAnswer): Promise<void> {
    if (toKeep !== undefined && answer.state === 'Done') {
      await this.#kept.keep(toKeep);
      this.#onChange();
    }
    const wrong = answer.state === 'Refused' && answer.code === 'VAULT_WRONG_PASSPHRASE';
    if (!usesKept || !wrong) return;
    this.#kept.forget();
    this.#onChange();
  }

  #note({ answer }: KeyReport): void {
    if (answer.state === 'Refused') {
      this.#log.log.warn('keys', answer.code, answer.message);
      return;
    }
    if (answer.name === '') return;
    const { name, rights } = answer;
    const words = answer.state === 'Review' ? 'waits for its review' : 'done';
    this.#log.log.info('keys', 'KEY_ACT', `${name}: ${words}`);
    if (answer.state === 'Review' || rights === undefined) return;
    this.#checked.set(name, { ...rights, at: this.#log.nowMicros() as UnixMicros });
  }

  #refuse(act: Act<Client>, code: string, message: string): void {
    if (this.#act !== act) return;
    this.#end();
    this.#log.log.warn('keys', code, message);
    act.tell(refusal(code, message));
  }

  /** Ends the process of the act, and with it everything that was given to it. */
  #end(): void {
    const act = this.#act;
    if (act === undefined) return;
    this.#act = undefined;
    clearTimeout(act.timer);
    act.child.kill();
  }
}

/** What the process that opens the vault is to do. */
function workOf(asked: Opening, passphrase: string): KeyWork {
  switch (asked.type) {
    case 'Add':
    case 'Remove':
    case 'Use':
      return { ...asked, passphrase };
    case 'List':
      return { type: asked.type, passphrase };
    case 'Test':
      return { type: asked.type, name: asked.name, passphrase };
  }
}

function refusal(code: string, message: string): KeyAnswer {
  return { state: 'Refused', code, message };
}
