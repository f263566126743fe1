// Swagger UI over the document of this server.

const dark = matchMedia('(prefers-color-scheme: dark)');
const showTheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
showTheme();
dark.addEventListener('change', showTheme);

SwaggerUIBundle({
  url: '/openapi.json',
  domNode: document.getElementById('console'),
  plugins: [addressesWithUnderscores],
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  // The key is forgotten when the page is closed or loaded anew.
  persistAuthorization: false,
  // Else the document would be sent to a validator on another host.
  validatorUrl: null,
});

/**
 * Opens the operation that the address names: `#/agents/agents_call`. Swagger UI would do the same,
 * but takes `_` for a space as well, and complains of it in the browser's console.
 */
function addressesWithUnderscores() {
  const parseDeepLinkHash =
    (_, { layoutActions, layoutSelectors }) =>
    (hash) => {
      const [tag, operation] = hash.replace(/^#\/?/, '').split('/');
      if (!tag) return;
      const place = layoutSelectors.isShownKeyFromUrlHashArray([tag, operation ?? '']);
      layoutActions.show(layoutSelectors.isShownKeyFromUrlHashArray([tag, '']), true);
      layoutActions.show(place, true);
      layoutActions.scrollTo(place);
      // Of a long list only what is in sight is there. This scrolls to what is not.
      layoutActions.scrollToVirtualizedOperation(place);
    };
  return { statePlugins: { layout: { wrapActions: { parseDeepLinkHash } } } };
}
