// Copyright 2026 The Manyhands Authors
// SPDX-License-Identifier: Apache-2.0
'use strict';

module.exports = (app) => {
  app.http('describe', { route: 'describe/{id}', methods: ['GET'] }, (request, context) => {
    context.log(`described ${request.params.id}`);
    return {
      status: 203,
      headers: { 'x-mine': 'said' },
      jsonBody: { colour: process.env.COLOUR, id: request.params.id, q: request.query.q, process: process.pid },
    };
  });
  app.http('echo', { methods: ['POST'] }, async (request) => ({
    headers: { 'content-type': 'application/octet-stream' },
    body: request.body,
  }));
  app.http('fail', {}, () => {
    throw new Error('it was meant to fail');
  });
  app.http('die', {}, () => process.exit(3));
};
