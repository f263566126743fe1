import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** More stops than any page has. */
const mostStops = 200;

/** What a person does who has a keyboard alone. Nothing is clicked, and only keys move the focus. */
export interface Keyboard {
  readonly press: (...keys: readonly string[]) => Promise<void>;
  readonly type: (text: string) => Promise<void>;
  /** Presses Tab until the control has the focus. Fails when the page lost it before. */
  readonly to: (control: Locator) => Promise<void>;
  /** Goes to a button or a link, and presses it. */
  readonly activate: (control: Locator) => Promise<void>;
  /** Goes to a field, and writes in place of what is there. */
  readonly fill: (field: Locator, text: string) => Promise<void>;
  /** Goes to the choices that a radio button is one of, and chooses it. */
  readonly choose: (radio: Locator) => Promise<void>;
  /** Opens the menu of a button, and does what an entry says. */
  readonly pick: (button: Locator, entry: string) => Promise<void>;
}

/** @param page as it was loaded: nothing has the focus yet. */
export function keyboardOf(page: Page): Keyboard {
  let isLoaded = false;
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key);
    isLoaded = true;
  };
  const pressUntil = async (key: string, control: Locator, isReached: IsReached) => {
    await control.waitFor();
    if (isLoaded) await expect.poll(() => page.evaluate(hasFocus), lost).toBe(true);
    for (let stops = 0; stops < mostStops; stops++) {
      if (await control.evaluate(isReached)) return;
      if (key === 'Tab' && (await page.evaluate(keepsTab))) await press('Escape');
      await press(key);
    }
    throw new Error(`${key} does not lead to ${control}.`);
  };
  const to = (control: Locator) => pressUntil('Tab', control, isFocused);
  return {
    press,
    to,
    type: (text) => page.keyboard.type(text),
    activate: async (control) => {
      await to(control);
      await press('Enter');
    },
    fill: async (field, text) => {
      await to(field);
      await press('Control+a');
      await page.keyboard.type(text);
    },
    choose: async (radio) => {
      await pressUntil('Tab', radio, isGroupFocused);
      await pressUntil('ArrowDown', radio, isFocused);
    },
    pick: async (button, entry) => {
      await to(button);
      await press('Enter');
      const item = page.getByRole('menuitem', { name: entry, exact: true });
      await pressUntil('ArrowDown', item, isFocused);
      await press('Enter');
    },
  };
}

/** Looked at in the browser. */
type IsReached = (element: Control) => boolean;
interface Control {
  readonly name?: string;
  readonly ownerDocument: { readonly activeElement: Control | null };
}

/** Whether the focus is on an element: for `Locator.evaluate`. */
export const isFocused: IsReached = (element) => element.ownerDocument.activeElement === element;
const isGroupFocused: IsReached = (element) =>
  element.ownerDocument.activeElement?.name === element.name;
/** In code Tab indents, and the field says how one leaves it. */
const keepsTab = `(() => {
  const about = document.activeElement.getAttribute('aria-describedby');
  return /Escape, then Tab leaves/.test(document.getElementById(about)?.textContent);
})()`;
const hasFocus = '![null, document.body].includes(document.activeElement)';
const lost = { message: 'The page has lost the focus.' };
