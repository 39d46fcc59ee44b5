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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The whole Runtime with one class compiled anew from its source, with or without a bug in it. */
final class PatchedCopy implements AutoCloseable {
  private static final Path SOURCES = Path.of("..", "core", "src", "main", "java");

  private static final int LIMIT_SECONDS = 120;

  private final URLClassLoader loader;
  private final Path folder;
  private final String classPath;

  private PatchedCopy(URLClassLoader loader, Path folder, String classPath) {
    this.loader = loader;
    this.folder = folder;
    this.classPath = classPath;
  }

  /**
   * @param type whose source is compiled
   * @param sound what stands there, once
   * @param planted what is to stand there instead
   */
  static PatchedCopy of(String type, String sound, String planted, Path folder) throws IOException {
    String source = Files.readString(SOURCES.resolve(type.replace('.', '/') + ".java"));
    assertThat(source.split(Pattern.quote(sound), -1))
        .as("the source of %s has the place of the bug once: %s", type, sound)
        .hasSize(2);
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    compile(type, source.replace(sound, planted), classPath, classes);
    List<URL> urls = new ArrayList<>();
    urls.add(classes.toUri().toURL());
    for (String entry : classPath.split(File.pathSeparator)) {
      urls.add(new File(entry).toURI().toURL());
    }
    return new PatchedCopy(
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader()),
        folder.resolve("classes"),
        classPath);
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

  /**
   * Runs a test in a JVM of its own, as the model checker's agent serves one copy of a class; what
   * it says where it fails, empty where it passes.
   */
  Optional<String> failureOf(String suite, String test) throws IOException, InterruptedException {
    Path said = folder.resolveSibling("said");
    Process run =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dlincheck.logLevel=ERROR",
                "-cp",
                folder + File.pathSeparator + classPath,
                TestRun.class.getName(),
                suite,
                test)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertThat(run.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      run.destroyForcibly();
    }
    return run.exitValue() == 0 ? Optional.empty() : Optional.of(Files.readString(said));
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
