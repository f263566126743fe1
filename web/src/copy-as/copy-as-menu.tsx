import { ChevronDown, CodeXml } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { copyText } from '../ui/copy-text.ts';
import { Menu } from '../ui/menu.tsx';
import { toast } from '../ui/toasts.tsx';
import type { ApiRequest, RequestText } from './api-request.ts';

const ways = ['cURL', 'TypeScript', 'Python'] as const satisfies readonly RequestText['name'][];

/** Copies what the page would send, as cURL, TypeScript or Python. */
export function CopyAsMenu({
  request,
  size = 'medium',
  className,
}: {
  /** Asked for when something is copied. */
  readonly request: () => ApiRequest;
  readonly size?: 'small' | 'medium';
  readonly className?: string;
}) {
  return (
    <Menu
      trigger={
        <Button size={size} className={className}>
          <CodeXml aria-hidden className="size-3.5" />
          Copy as
          <ChevronDown aria-hidden className="size-3 text-fg-3" />
        </Button>
      }
      entries={() =>
        ways.map((name) => ({ type: 'action', name, run: () => void copyAs(name, request()) }))
      }
    />
  );
}

async function copyAs(name: RequestText['name'], request: ApiRequest): Promise<void> {
  // Loaded with the first copy.
  const { copiesOf } = await import('./copies.ts');
  const copy = copiesOf(request, location.origin).find((one) => one.name === name);
  await copyText(copy?.text ?? '');
  toast(`Copied as ${name}`);
}
