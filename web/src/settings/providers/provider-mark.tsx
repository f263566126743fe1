/** A vendor in a list: two letters in place of a logo, and its name. */
export function ProviderMark({ mark, name }: { readonly mark: string; readonly name: string }) {
  return (
    <span className="flex items-center gap-2">
      <span
        aria-hidden
        className="grid size-5 shrink-0 place-items-center rounded border border-line bg-sunken text-[10px] font-semibold text-fg-2"
      >
        {mark}
      </span>
      <span className="min-w-0 truncate coarse:whitespace-normal">{name}</span>
    </span>
  );
}
