/**
 * Marks a field, or what is around its editor, whose text is no value. What the page holds in its place is
 * an older value: nothing may be sent, and the field may not be folded away, before the text is right.
 */
export function unread(isUnread: boolean): { readonly 'data-unread': true | undefined } {
  return { 'data-unread': isUnread || undefined };
}

/** Goes to the first field whose text is no value, if there is one. @returns whether there is. */
export function goToUnread(within: ParentNode = document): boolean {
  const found = within.querySelector<HTMLElement>('[data-unread]');
  if (!found) return false;
  const field = found.querySelector<HTMLElement>('[contenteditable]') ?? found;
  field.scrollIntoView({ block: 'nearest' });
  field.focus();
  return true;
}
