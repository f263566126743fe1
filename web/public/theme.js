// Runs before the first paint, so that a dark page never flashes white. src/theme/theme.ts and src/ui/use-density.ts change it later.
const chosen = localStorage.getItem('loopwright.theme');
const isDark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
document.documentElement.classList.toggle('dark', isDark);
if (localStorage.getItem('loopwright.density') === 'compact')
  document.documentElement.classList.add('compact');
