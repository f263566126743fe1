import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/**
 * The token of a link that lets somebody in. It stands behind the `#`, so that no proxy sees it. It is read
 * once, and leaves the address, so that it is not in the history of the browser.
 */
export function useLinkToken(): string {
  const { hash } = useLocation();
  const [token] = useState(hash);
  const navigate = useNavigate();
  useEffect(() => {
    if (hash !== '') void navigate({ to: '.', hash: '', replace: true });
  }, [hash, navigate]);
  return token;
}
