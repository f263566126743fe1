/** Rows of preview. */
const previewed = 3;

/** The name of a column that is imported, and the first of its values. */
export function ColumnPreview({
  name,
  values,
}: {
  readonly name: string;
  readonly values: readonly string[];
}) {
  return (
    <div className="min-w-0">
      <p className="truncate font-mono text-xs">{name}</p>
      <p className="truncate text-xs text-fg-3">
        {values
          .filter((value) => value !== '')
          .slice(0, previewed)
          .join(' · ')}
      </p>
    </div>
  );
}
