/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The whole Runtime with one class compiled anew from its source, with or without a bug in it. */
final class PatchedCopy implements AutoCloseable {
  private static final Path SOURCES = Path.of("..", "core", "src", "main", "java");

  private final URLClassLoader loader;

  private PatchedCopy(URLClassLoader loader) {
    this.loader = loader;
  }

  /**
   * @param type whose source is compiled
   * @param sound what stands there, once
   * @param planted what is to stand there instead
   */
  static PatchedCopy of(String type, String sound, String planted, Path folder) throws IOException {
    String source = Files.readString(SOURCES.resolve(type.replace('.', '/') + ".java"));
    assertThat(source.split(java.util.regex.Pattern.quote(sound), -1))
        .as("the source of %s has the place of the bug once: %s", type, sound)
        .hasSize(2);
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    compile(type, source.replace(sound, planted), classPath, folder);
    List<URL> urls = new ArrayList<>();
    urls.add(folder.toUri().toURL());
    for (String entry : classPath.split(File.pathSeparator)) {
      urls.add(new File(entry).toURI().toURL());
    }
    return new PatchedCopy(
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader()));
  }

  private static void compile(String type, String source, String classPath, Path folder) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                said,
                null,
                null,
                List.of("-proc:none", "-nowarn", "-d", folder.toString(), "-cp", classPath),
                null,
                List.of(new Source(type, source)))
            .call();
    assertThat(compiled).as(said.toString()).isTrue();
  }

  /** A class as it is there. */
  Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name, true, loader);
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String type, String text) {
      super(
          URI.create("string:///" + type.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
