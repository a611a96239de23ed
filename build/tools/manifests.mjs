// Judges rendered manifests as a strict API server would, without one: required fields, types and enums by the published
// OpenAPI models, unknown fields by the compiler's excess-property check on the published types.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export class Manifests {
  #require;
  #modules;
  #folder;
  #yaml;

  /** @param {string} tools the folder that holds node_modules */
  constructor(tools) {
    this.#folder = tools;
    this.#modules = path.join(tools, 'node_modules');
    this.#require = createRequire(path.join(tools, 'package.json'));
    this.#yaml = this.#require('yaml');
  }

  /** Parses one file of YAML documents; a repeated key is an error. */
  parse(text) {
    return this.#yaml.parseAllDocuments(text, { uniqueKeys: true }).flatMap((document) => {
      if (document.errors.length > 0) throw document.errors[0];
      const object = document.toJS();
      return object ? [object] : [];
    });
  }

  /** What is wrong with the objects, one sentence each; empty when nothing is. */
  async problems(objects) {
    const models = await Promise.all(objects.map((object) => this.#againstModel(object)));
    return [...models.flat(), ...this.#againstTypes(objects)];
  }

  async #againstModel(object) {
    const file = path.join(this.#modules, 'kubernetes-models', object.apiVersion, `${object.kind}.js`);
    if (!existsSync(file)) return [`${nameOf(object)}: no such kind in ${object.apiVersion}`];
    const Model = (await import(pathToFileURL(file).href))[object.kind];
    try {
      new Model(object).validate();
      return [];
    } catch (error) {
      return [`${nameOf(object)}: ${error.message}`];
    }
  }

  #againstTypes(objects) {
    const lines = [];
    const owner = [];
    const add = (text, index) => {
      for (const line of text.split('\n')) {
        lines.push(line);
        owner.push(index);
      }
    };
    const problems = [];
    objects.forEach((object, index) => {
      const module = this.#typesOf(object.apiVersion);
      if (!module) {
        problems.push(`${nameOf(object)}: no types for ${object.apiVersion}`);
        return;
      }
      add(`import type { ${object.kind} as Kind${index} } from '${module}';`, index);
      add(`export const object${index}: Kind${index} = ${JSON.stringify(object, null, 1)};`, index);
    });
    // Inside the tools' folder, where the compiler finds node_modules.
    const work = mkdtempSync(path.join(this.#folder, 'manifests-'));
    try {
      writeFileSync(path.join(work, 'manifests.ts'), lines.join('\n'));
      writeFileSync(path.join(work, 'tsconfig.json'), JSON.stringify({
        compilerOptions: { noEmit: true, strict: true, skipLibCheck: true, module: 'nodenext', target: 'es2022', types: [] },
        files: ['manifests.ts'],
      }));
      const run = spawnSync(process.execPath, [path.join(this.#modules, 'typescript/bin/tsc'), '--project', work, '--pretty', 'false'],
        { cwd: work, encoding: 'utf8' });
      const found = [...run.stdout.matchAll(/^manifests\.ts\((\d+),\d+\): error (.*)$/gm)];
      for (const [, line, message] of found) problems.push(`${nameOf(objects[owner[line - 1]])}: ${message.slice(0, 240)}`);
      if (run.status !== 0 && found.length === 0) problems.push(`the compiler failed: ${run.stdout}${run.stderr}`);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    return problems;
  }

  #typesOf(apiVersion) {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
    return [group, group.split('.')[0]]
      .map((name) => `kubernetes-types/${name}/${version}`)
      .find((module) => existsSync(path.join(this.#modules, `${module}.d.ts`)));
  }
}

export function nameOf(object) {
  return `${object.kind}/${object.metadata?.name ?? '?'}`;
}
