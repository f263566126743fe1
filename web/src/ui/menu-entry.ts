/** A line of a menu. */
export type MenuEntry =
  | { readonly type: 'heading'; readonly name: string }
  | { readonly type: 'action'; readonly name: string; readonly run: () => void }
  | {
      readonly type: 'switch';
      readonly name: string;
      readonly isOn: boolean;
      readonly change: (isOn: boolean) => void;
    };
