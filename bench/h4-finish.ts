import { openDatabase } from '../src/database/database.ts';
import { moveIntake } from '../src/logs/intake-queries.ts';
const database = openDatabase({ user: 'postgres', database: 'postgres', host: process.argv[2] as string, port: 5432 }, { max: 1 });
const q = (t: string) => database.pool.query(t);
const t0 = performance.now();
await q("SET maintenance_work_mem = '512MB'");
const { rows } = await q("SELECT pg_get_indexdef('log_search_text'::regclass) AS text");
await q('DROP INDEX log_search_text');
for (;;) { const n = await moveIntake(database.db, 100); const { rows: [r] } = await q('select count(*) as n from log_intake where look_at <= now()'); if (r.n === 0) break; if (n === 0) await new Promise((x) => setTimeout(x, 50)); }
console.log('moved', performance.now() - t0);
await q(rows[0].text);
console.log('indexed', performance.now() - t0);
await q('VACUUM ANALYZE log, log_search, log_intake, log_count');
console.log('done', performance.now() - t0);
await database.close();
