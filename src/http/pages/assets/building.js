// Looks again whether the web UI is built. A refresh in the page's head would not load a page again whose
// address has a part behind `#`, as the link has that sets a server up.
setTimeout(() => location.reload(), 3_000);
