/** Gives the focus to the page when what had it is gone, so that Tab goes on there. */
export function keepFocus(): void {
  const { activeElement, body } = document;
  // Who has done nothing yet begins at the top.
  if (!navigator.userActivation.hasBeenActive || (activeElement && activeElement !== body)) return;
  document.querySelector('main')?.focus({ preventScroll: true });
}
