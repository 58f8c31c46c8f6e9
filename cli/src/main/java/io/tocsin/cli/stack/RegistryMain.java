package io.tocsin.cli.stack;

/**
 * The registry's main class inside {@link RegistryPart}'s process: Apicurio's own entry point, with
 * a {@link ParentWatch}, so that the registry ends with the stack.
 */
final class RegistryMain {

  private static final String ENTRY_POINT = "io.quarkus.bootstrap.runner.QuarkusEntryPoint";

  private RegistryMain() {}

  public static void main(String[] arguments) throws ReflectiveOperationException {
    ParentWatch.start();
    Class.forName(ENTRY_POINT).getMethod("main", String[].class).invoke(null, (Object) arguments);
  }
}
