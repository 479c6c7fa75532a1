// Rules for the deterministic core that no stock rule expresses. The default export is what the linter loads.
const LOCALE = /^toLocale|^localeCompare$/;

const nothingAsynchronous = {
  create(context) {
    const report = (node, what) =>
      context.report({ node, message: `${what} in the core: its results must enter as inputs` });
    const checkFunction = (node) => {
      if (node.async) report(node, 'an async function');
    };
    return {
      FunctionDeclaration: checkFunction,
      FunctionExpression: checkFunction,
      ArrowFunctionExpression: checkFunction,
      AwaitExpression: (node) => report(node, '`await`'),
      ForOfStatement: (node) => {
        if (node.await) report(node, '`for await`');
      },
      ImportExpression: (node) => report(node, 'a dynamic import'),
    };
  },
};

const nothingLocal = {
  create(context) {
    return {
      MemberExpression(node) {
        const { property } = node;
        if (node.computed || !LOCALE.test(property.name)) return;
        context.report({
          node,
          message: `${property.name} in the core: it depends on the machine's language`,
        });
      },
    };
  },
};

const noEnums = {
  create(context) {
    return {
      TSEnumDeclaration: (node) =>
        context.report({ node, message: 'an enum: sources run with types stripped; use a union' }),
    };
  },
};

export default {
  meta: { name: 'core' },
  rules: {
    'no-enums': noEnums,
    'nothing-asynchronous': nothingAsynchronous,
    'nothing-local': nothingLocal,
  },
};
