/** The address of a link that may be followed; undefined for others, such as those that run code. */
export function safeHref(href: string): string | undefined {
  // Browsers leave out blanks and control characters before they look at the scheme; this does, too.
  const { protocol } = URL.canParse(href) ? new URL(href) : { protocol: '' };
  return ['http:', 'https:', 'mailto:'].includes(protocol) ? href : undefined;
}
