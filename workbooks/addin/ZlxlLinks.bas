Attribute VB_Name = "ZlxlLinks"
Option Explicit
Option Private Module

' A formula remembers the folder of the add-in it was written with, which lies elsewhere for every user.

Public Sub ZL_Relink(ByVal Wb As Workbook)
    Dim links As Variant, link As Variant, alerts As Boolean
    alerts = Application.DisplayAlerts
    On Error GoTo done
    links = Wb.LinkSources(xlExcelLinks)
    If IsArray(links) Then
        Application.DisplayAlerts = False
        For Each link In links
            If ZL_IsElsewhere(CStr(link)) Then Wb.ChangeLink CStr(link), ThisWorkbook.FullName, xlLinkTypeExcelLinks
        Next link
    End If
done:
    ' A protected sheet does not let its links be changed: its formulas then show what they showed.
    Application.DisplayAlerts = alerts
End Sub

Private Function ZL_IsElsewhere(ByVal link As String) As Boolean
    Dim parts As Variant
    parts = Split(Replace(link, "/", "\"), "\")
    ZL_IsElsewhere = LCase$(parts(UBound(parts))) = LCase$(ThisWorkbook.Name) _
        And LCase$(link) <> LCase$(ThisWorkbook.FullName)
End Function
