import { count, counted } from '../../format/format.ts';

/** How many rows come and go: `+12 −3` */
export function PlusMinus({ plus, minus }: { readonly plus: number; readonly minus: number }) {
  return (
    <span className="num font-mono text-xs">
      <span className="text-ok" title={`${counted(plus, 'row')} added`}>
        +{count(plus)}
      </span>{' '}
      <span className="text-err" title={`${counted(minus, 'row')} removed`}>
        −{count(minus)}
      </span>
    </span>
  );
}
