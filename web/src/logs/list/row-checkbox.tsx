import { cx } from '../../ui/cx.ts';

/** Chooses a row, or all. In a row it is pressed by the pointer alone: the grid has a key for it. */
export function RowCheckbox({
  label,
  checked,
  isTabStop = false,
  onToggle,
  className,
}: {
  readonly label: string;
  readonly checked: boolean | 'some';
  readonly isTabStop?: boolean;
  readonly onToggle: () => void;
  readonly className?: string;
}) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: it keeps a click from opening the row
    <label
      onClick={(event) => event.stopPropagation()}
      className={cx('-m-1 grid size-7 place-items-center coarse:size-11', className)}
    >
      <input
        type="checkbox"
        aria-label={label}
        checked={checked === true}
        ref={(input) => {
          if (input) input.indeterminate = checked === 'some';
        }}
        tabIndex={isTabStop ? 0 : -1}
        onChange={onToggle}
        className="size-3.5 accent-accent"
      />
    </label>
  );
}
