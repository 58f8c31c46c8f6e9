package io.tocsin.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.tocsin.schemas.seal.ContactOpener;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows between the modules, and who may hold what. */
class ArchitectureTest {

  private static JavaClasses tocsin = new ClassFileImporter().importPackages("io.tocsin.avro");

  @BeforeAll
  static void importEverything() {
    tocsin =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.tocsin");
  }

  @Test
  void shouldKeepSchemasBelowEverything() {
    noClasses()
        .that()
        .resideInAnyPackage("io.tocsin.schemas..", "io.tocsin.avro..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.tocsin.streams..", "io.tocsin.notifier..", "io.tocsin.cli..", "io.tocsin.broker..")
        .check(tocsin);
  }

  @Test
  void shouldLetStreamsAndNotifierMeetInTopicsOnly() {
    noClasses()
        .that()
        .resideInAPackage("io.tocsin.streams..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.tocsin.notifier..", "io.tocsin.cli..", "io.tocsin.broker..")
        .check(tocsin);
    noClasses()
        .that()
        .resideInAPackage("io.tocsin.notifier..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.tocsin.streams..", "io.tocsin.cli..", "io.tocsin.broker..")
        .check(tocsin);
  }

  @Test
  void shouldKeepTheThreeTopologiesApart() {
    slices()
        .matching("io.tocsin.streams.(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(
            com.tngtech.archunit.base.DescribedPredicate.alwaysTrue(),
            com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(
                "io.tocsin.streams.state.."))
        .check(tocsin);
  }

  @Test
  void shouldOpenContactsInTheNotifierOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.tocsin.notifier..", "io.tocsin.schemas.seal..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ContactOpener.class)
        .check(tocsin);
  }

  @Test
  void shouldNotPrintFromLibraryCode() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.tocsin.schemas..",
            "io.tocsin.streams..",
            "io.tocsin.notifier..",
            "io.tocsin.broker..")
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
        .check(tocsin);
  }

  @Test
  void shouldNameClassesAfterWhatTheyAre() {
    classes()
        .that()
        .resideInAPackage("io.tocsin..")
        .should()
        .haveNameNotMatching(".*(Utils?|Helper|Manager|Impl)$")
        .check(tocsin);
  }
}
