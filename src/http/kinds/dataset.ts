import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { pageSchema, versionQuery } from '../../contract/file.ts';
import {
  datapoint,
  datapointListQuery,
  datapointsForm,
  datasetUpsert,
  datasetUpsertQuery,
} from '../../contract/kinds/dataset.ts';
import { changeDataset } from '../../files/datasets/change-dataset.ts';
import { listDatapoints } from '../../files/datasets/list-datapoints.ts';
import { readCsv } from '../../files/datasets/read-csv.ts';
import { datasetKind } from '../../files/kinds/dataset.ts';
import { requireFile } from '../../files/resolve-version.ts';
import { wholeFileBody } from '../../wire/file-bodies.ts';
import { fileResponse } from '../document/components.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import type { HttpKind } from '../kind.ts';
import { readStoreRequest } from '../routes/upsert-routes.ts';
import { takeForms } from '../server/form.ts';
import { sendList } from '../server/send-list.ts';

const operation = nameOperations(datasetKind);
const response = fileResponse(datasetKind);
const params = Type.Object({ id: Type.String() });

/** Datasets in the API. A version is made of datapoints, so storing one has its own request. */
export const httpDataset: HttpKind<'dataset'> = {
  kind: datasetKind,
  routes: () => datapointRoutes,
  replaces: ['upsert'],
};

const datapointRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/',
    {
      schema: {
        ...operation('upsert'),
        querystring: datasetUpsertQuery,
        body: datasetUpsert,
        ...answers(200, response),
      },
    },
    async ({ caller: { workspace }, query, body }) => {
      const version = await changeDataset(workspace, {
        ...readStoreRequest(body),
        action: body.action ?? 'set',
        datapoints: body.datapoints,
        attributes: body.attributes ?? undefined,
        base: { versionId: query.version_id, environment: query.environment },
        baseUnlessNamed: 'newest',
      });
      return wholeFileBody(workspace, version, query);
    },
  );

  app.get(
    '/:id/datapoints',
    {
      schema: {
        ...operation('list_datapoints'),
        params,
        querystring: datapointListQuery,
        ...answers(200, pageSchema(datapoint)),
      },
    },
    async ({ caller: { workspace }, params: { id }, query }, reply) => {
      const { page, size } = query;
      const selector = { versionId: query.version_id, environment: query.environment };
      const { groups, total } = await listDatapoints(workspace, id, selector, { page, size });
      return sendList(reply, { groups, rest: () => ({ total, page, size }) });
    },
  );

  await app.register(csvRoutes);
};

/** Adds datapoints from a CSV file. */
const csvRoutes: FastifyPluginAsyncTypebox = async (app) => {
  await takeForms(app, 'file');

  app.post(
    '/:id/datapoints/csv',
    {
      schema: {
        ...operation('upload_csv'),
        consumes: ['multipart/form-data'],
        params,
        querystring: versionQuery,
        body: datapointsForm,
        ...answers(200, response),
      },
    },
    async ({ caller: { workspace }, params: { id }, query, body }) => {
      await requireFile(workspace, datasetKind, id);
      const version = await changeDataset(workspace, {
        id,
        versionName: body.version_name ?? undefined,
        versionDescription: body.version_description ?? undefined,
        action: 'add',
        datapoints: await readCsv(body.file),
        base: { versionId: query.version_id, environment: query.environment },
        baseUnlessNamed: 'shown',
      });
      return wholeFileBody(workspace, version);
    },
  );
};
