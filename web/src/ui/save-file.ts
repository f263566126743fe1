/** Gives the reader a file to keep. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  saveFrom(url, name);
  // The browser has taken it over by the next task.
  setTimeout(() => URL.revokeObjectURL(url));
}

/** The same from an address of our own server, which may send more than there is memory for. */
export function saveFrom(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
