import { expect, type Locator, type Page } from '@playwright/test';

/** The ticket as a trader with a keyboard uses it. */
export class TicketPage {
  readonly panel: Locator;
  readonly cost: Locator;
  readonly verdict: Locator;
  readonly send: Locator;
  readonly more: Locator;
  readonly unit: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.panel = page.getByTestId('panel-ticket');
    this.cost = page.getByTestId('ticket-cost');
    this.verdict = page.getByTestId('ticket-verdict');
    this.send = page.getByTestId('ticket-send');
    this.more = page.getByTestId('ticket-more');
    this.unit = page.getByTestId('ticket-unit');
  }

  /** Brings the keyboard into the ticket by its number key. */
  async go(): Promise<void> {
    await this.#page.keyboard.press('Control+5');
    await expect(this.panel).toBeVisible();
  }

  field(name: string): Locator {
    return this.panel.locator(`[data-field="${name}"]`);
  }

  /** Goes to a field by its mnemonic and types over what stands there. */
  async fill(mnemonic: string, name: string, text: string): Promise<void> {
    await this.#page.keyboard.press(mnemonic);
    await expect(this.field(name)).toBeFocused();
    await this.#page.keyboard.press('Control+A');
    if (text === '') await this.#page.keyboard.press('Delete');
    else await this.#page.keyboard.type(text);
    await expect(this.field(name)).toHaveValue(text);
  }
}
