/** The sign of Loopwright: a tree of what a run did. */
export function LogoMark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-5 shrink-0">
      <rect width="32" height="32" rx="8" className="fill-fg" />
      <path
        d="M8 9h5M10.5 9v11a3 3 0 0 0 3 3h1M10.5 16h4M18 9h6M19 16h5M19 23h5"
        className="fill-none stroke-bg"
        strokeWidth="2.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
