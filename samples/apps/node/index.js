// Copyright 2026 The Manyhands Authors
// SPDX-License-Identifier: Apache-2.0
'use strict';

module.exports = (app) => {
  app.http('hello', { route: 'hello/{name}', methods: ['GET', 'POST'] }, async (request) => ({
    headers: { 'content-type': 'text/plain' },
    body: `${process.env.GREETING || 'Hello'}, ${request.params.name}`,
  }));
};
